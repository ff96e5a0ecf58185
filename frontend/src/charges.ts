/** The last charges of a car, which the integration keeps. */

import type { HomeAssistant } from "./hass";
import { DOMAIN } from "./vehicle";

export const SHOWN_CHARGES = 3;

export interface Charge {
  endedAt: Date;
  /** Energy in kWh. */
  energy?: number;
  cost?: number;
  currency?: string;
}

/** Return the last charges, newest first. */
export async function readCharges(hass: HomeAssistant, deviceId: string): Promise<Charge[]> {
  const result = await hass.callService(
    DOMAIN,
    "get_charges",
    { device_id: deviceId, limit: SHOWN_CHARGES },
    undefined,
    false,
    true,
  );
  return chargesFrom(result?.response).reverse();
}

/** Return the charges in a response of the action. */
export function chargesFrom(response: unknown): Charge[] {
  const { charges } = (response ?? {}) as { charges?: unknown };
  if (!Array.isArray(charges)) return [];
  return charges.map((charge: Record<string, unknown>) => ({
    endedAt: new Date(String(charge.ended_at)),
    ...(typeof charge.energy === "number" && { energy: charge.energy }),
    ...(typeof charge.cost === "number" && { cost: charge.cost }),
    ...(typeof charge.currency === "string" && { currency: charge.currency }),
  }));
}
