/** Texts of the card in the languages of the integration. */

import type { HomeAssistant } from "./hass";
import de from "./translations/de.json";
import en from "./translations/en.json";
import fr from "./translations/fr.json";

export type TextKey = keyof typeof en;

const LANGUAGES: Record<string, Record<TextKey, string>> = { de, en, fr };

/** Return the language of the texts where the user has a certain language. */
export function textLanguage(language: string): string {
  return LANGUAGES[language.split("-")[0] ?? ""] ? language : "en";
}

/** Return a text in a language, in English where it is not translated. */
export function localize(
  language: string,
  key: TextKey,
  placeholders: Record<string, string | number> = {},
): string {
  const texts = LANGUAGES[language.split("-")[0] ?? ""] ?? en;
  return texts[key].replace(/\{(\w+)\}/g, (match, name: string) =>
    String(placeholders[name] ?? match),
  );
}

/** Return a percentage as the language writes it. */
export function percentage(language: string, percent: number): string {
  return new Intl.NumberFormat(language, { style: "percent" }).format(Math.round(percent) / 100);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Return how long ago something happened, such as "5 minutes ago". */
export function relativeTime(language: string, then: Date, now: Date): string {
  const elapsed = now.getTime() - then.getTime();
  const [unit, length] = UNITS.find(([, length]) => elapsed >= length) ?? ["minute", 60_000];
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(-Math.max(0, Math.floor(elapsed / length)), unit);
}

/** Return a time of the day as the user prefers it, with the date if it is not today. */
export function clockTime(hass: HomeAssistant, time: Date, now: Date): string {
  const { language, time_format: timeFormat, time_zone: timeZone } = hass.locale;
  const zone = timeZone === "server" ? { timeZone: hass.config.time_zone } : {};
  const day = new Intl.DateTimeFormat(language, { ...zone, day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(timeFormat === "system" ? undefined : language, {
    ...zone,
    ...(day.format(time) === day.format(now) ? {} : { day: "numeric", month: "short" }),
    ...(timeFormat === "12" || timeFormat === "24" ? { hour12: timeFormat === "12" } : {}),
    hour: "numeric",
    minute: "2-digit",
  }).format(time);
}
