/** Register the card and the dashboard strategy with Home Assistant. */

import { CARD_TYPE } from "./card";
import type { HomeAssistant } from "./hass";
import { localize } from "./localize";
import "./strategy";
import { DOMAIN } from "./vehicle";

interface CustomCard {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  getEntitySuggestion(
    hass: HomeAssistant,
    entityId: string,
  ): { config: { type: string; device_id: string } } | null;
}

const cards = ((window as { customCards?: CustomCard[] }).customCards ??= []);
cards.push({
  type: CARD_TYPE,
  name: "Stellantis Connect",
  description: localize(document.documentElement.lang || "en", "card_description"),
  preview: true,
  getEntitySuggestion(hass, entityId) {
    const entry = hass.entities[entityId];
    return entry?.platform === DOMAIN && entry.device_id
      ? { config: { type: `custom:${CARD_TYPE}`, device_id: entry.device_id } }
      : null;
  },
});
