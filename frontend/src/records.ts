/** The last trip and the last charges of a car, as its card shows them. */

import { html, nothing } from "lit";
import type { Charge } from "./charges";
import { localize, relativeTime, type TextKey } from "./localize";
import type { Vehicle } from "./vehicle";

interface ShownRecord {
  values: (string | undefined)[];
  end: Date | undefined;
}

/** Return the last trip and the last charges. */
export function records(
  language: string,
  vehicle: Vehicle,
  charges: Charge[] | undefined,
  now: Date,
) {
  const trip = [
    vehicle.text("sensor.last_trip_distance"),
    vehicle.text("sensor.last_trip_electric_consumption"),
    vehicle.text("sensor.last_trip_fuel_consumption"),
  ];
  const charge = [
    vehicle.text("sensor.last_charge_energy"),
    vehicle.text("sensor.last_charge_cost"),
  ];
  const shown = charges?.map(({ energy, cost, currency, endedAt }) => ({
    values: [
      vehicle.format("sensor.last_charge_energy", energy, "kWh"),
      vehicle.format("sensor.last_charge_cost", cost, currency ?? ""),
    ],
    end: endedAt,
  }));
  return html`
    ${list(language, "last_trip", [{ values: trip, end: vehicle.lastTripEnd }], now)}
    ${list(language, "last_charges", shown ?? [{ values: charge, end: undefined }], now)}
  `;
}

function list(language: string, label: TextKey, all: ShownRecord[], now: Date) {
  const shown = all
    .map(({ values, end }) => ({ values: values.filter((text) => text !== undefined), end }))
    .filter(({ values }) => values.length > 0);
  if (shown.length === 0) return nothing;
  return html`<section class=${label}>
    <h3 class="secondary">${localize(language, label)}</h3>
    <ul>
      ${shown.map(
        ({ values, end }) =>
          html`<li>
            <span>${joined(values)}</span>
            ${
              end
                ? html`<span class="secondary">${relativeTime(language, end, now)}</span>`
                : nothing
            }
          </li>`,
      )}
    </ul>
  </section>`;
}

/** Return values with a dot between them; each has a direction of its own, and stays on a line. */
export function joined(values: string[]) {
  return values.map((value, index) => {
    const dot = index < values.length - 1 ? "\u00a0·" : "";
    return html`${index > 0 ? " " : ""}<span class="value"><bdi>${value}</bdi>${dot}</span>`;
  });
}
