import { describe, expect, it } from "vitest";
import { clockTime, localize, percentage, relativeTime } from "../src/localize";
import de from "../src/translations/de.json";
import en from "../src/translations/en.json";
import fr from "../src/translations/fr.json";
import { homeAssistant } from "./hass";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe("translations", () => {
  it.each([
    ["de", de],
    ["fr", fr],
  ])("have the same keys and placeholders in %s as in English", (_, texts) => {
    expect(Object.keys(texts)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
      expect(placeholders(texts[key as keyof typeof en])).toEqual(placeholders(text));
    }
  });
});

describe("localize", () => {
  it("returns the text of the language, else the English one", () => {
    expect(localize("de-CH", "locked")).toBe("Verriegelt");
    expect(localize("pt", "locked")).toBe("Locked");
    expect(localize("en", "limit", { limit: "80%" })).toBe("Limit 80%");
  });
});

describe("percentage", () => {
  it.each([
    ["en", "82%"],
    ["de", "82\u00a0%"],
    ["fr", "82\u00a0%"],
  ])("is written in %s as %j", (language, text) => {
    expect(percentage(language, 81.8)).toBe(text);
  });
});

describe("relativeTime", () => {
  const now = new Date("2026-03-18T12:00:00Z");
  it.each([
    ["2026-03-18T12:00:30Z", "this minute"],
    ["2026-03-18T11:55:00Z", "5 minutes ago"],
    ["2026-03-18T09:30:00Z", "2 hours ago"],
    ["2026-03-16T09:30:00Z", "2 days ago"],
  ])("writes %s as %s", (then, text) => {
    expect(relativeTime("en", new Date(then), now)).toBe(text);
  });
});

describe("clockTime", () => {
  it("follows time format and time zone of the user", () => {
    const hass = homeAssistant({});
    const now = new Date("2026-03-18T12:00:00Z");
    expect(clockTime(hass, new Date("2026-03-18T14:05:00Z"), now)).toBe("15:05");
    expect(clockTime(hass, new Date("2026-03-19T14:05:00Z"), now)).toContain("Mar 19");
    hass.locale.time_format = "12";
    expect(clockTime(hass, new Date("2026-03-18T14:05:00Z"), now)).toMatch(/3:05\sPM/);
  });
});
