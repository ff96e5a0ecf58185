/** Register the card and the dashboard strategy with Home Assistant. */

import { AUTOMATIONS_TYPE } from "./automations-card";
import { CARD_TYPE } from "./card";
import type { HomeAssistant } from "./hass";
import { localize } from "./localize";
import "./panel";
import { STRATEGY_TYPE } from "./strategy";
import { DOMAIN } from "./vehicle";

interface CustomStrategy {
  type: string;
  strategyType: "dashboard";
  name: string;
  description: string;
}

interface CustomCard {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  getEntitySuggestion?(
    hass: HomeAssistant,
    entityId: string,
  ): { config: { type: string; device_id: string } } | null;
}

const registry = window as { customCards?: CustomCard[]; customStrategies?: CustomStrategy[] };
const language = document.documentElement.lang || "en";

(registry.customStrategies ??= []).push({
  type: STRATEGY_TYPE,
  strategyType: "dashboard",
  name: "Stellantis Connect",
  description: localize(language, "strategy_description"),
});

(registry.customCards ??= []).push(
  {
    type: CARD_TYPE,
    name: "Stellantis Connect",
    description: localize(language, "card_description"),
    preview: true,
    getEntitySuggestion(hass, entityId) {
      const entry = hass.entities[entityId];
      return entry?.platform === DOMAIN && entry.device_id
        ? { config: { type: `custom:${CARD_TYPE}`, device_id: entry.device_id } }
        : null;
    },
  },
  {
    type: AUTOMATIONS_TYPE,
    name: `Stellantis Connect: ${localize(language, "automations")}`,
    description: localize(language, "automations_description"),
    preview: true,
  },
);
