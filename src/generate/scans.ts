// Hosts that try many ports of one interface, or one port of many interfaces.
import type { Random } from "./random.js";
import { TCP_SERVICES, UDP_SERVICES } from "./services.js";

interface Campaign {
  /** Number of the public host, or the interface it sits behind. */
  source: number;
  inside: boolean;
  protocol: number;
  /** One target and many ports, or one port and many targets. */
  vertical: boolean;
  target: number;
  port: number;
  /** 0 = a new source port for each probe. */
  sourcePort: number;
  cursor: number;
  remaining: number;
}

/** One probe of a scan. */
export interface Probe {
  readonly source: number;
  readonly inside: boolean;
  readonly protocol: number;
  /** Index into the list of targets. */
  readonly target: number;
  readonly port: number;
  readonly sourcePort: number;
}

const CAMPAIGNS = 6;

export class Scans {
  readonly #random: Random;
  readonly #targets: number;
  readonly #campaigns: Campaign[] = [];

  constructor(random: Random, targets: number) {
    this.#random = random;
    this.#targets = targets;
    for (let i = 0; i < CAMPAIGNS; i++) this.#campaigns.push(this.#begin());
  }

  #begin(): Campaign {
    const random = this.#random;
    const protocol = random.chance(0.9) ? 6 : 17;
    const services = protocol === 6 ? TCP_SERVICES : UDP_SERVICES;
    const vertical = random.chance(0.5);
    return {
      source: random.next(),
      inside: random.chance(0.1),
      protocol,
      vertical,
      target: random.below(this.#targets),
      port: random.pick(services),
      sourcePort: random.chance(0.3) ? random.between(32_768, 60_999) : 0,
      cursor: vertical ? 0 : random.below(this.#targets),
      remaining: random.between(20, vertical ? 1000 : 300),
    };
  }

  next(): Probe {
    const slot = this.#random.below(CAMPAIGNS);
    let campaign = this.#campaigns[slot]!;
    if (campaign.remaining === 0) {
      campaign = this.#begin();
      this.#campaigns[slot] = campaign;
    }
    campaign.remaining -= 1;
    const cursor = campaign.cursor++;
    const services = campaign.protocol === 6 ? TCP_SERVICES : UDP_SERVICES;
    const nextPort = cursor < services.length ? services[cursor]! : 1 + ((cursor * 7919) % 65_535);
    return {
      source: campaign.source,
      inside: campaign.inside,
      protocol: campaign.protocol,
      target: campaign.vertical ? campaign.target : cursor % this.#targets,
      port: campaign.vertical ? nextPort : campaign.port,
      sourcePort: campaign.sourcePort,
    };
  }
}
