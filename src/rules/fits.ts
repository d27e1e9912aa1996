// Whether a value fits a schema, and nothing else: valibot makes an object per value on its way to say more, which costs
// as much as reading the text. It is asked for the message where a value does not fit.
import type * as v from "valibot";

/** Whether valibot would find no fault with the value. May be false where it would find none, never the other way. */
export type Fits = (value: unknown) => boolean;

/** What the schemas here are made of, as valibot keeps it. */
interface Part {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Part>>;
  readonly item?: Part;
  readonly wrapped?: Part;
  readonly pipe?: readonly Part[];
  readonly requirement?: unknown;
}

const known = new WeakMap<object, Fits>();

/** The test of a schema; made once. */
export function fitsOf(schema: v.GenericSchema): Fits {
  let fits = known.get(schema);
  if (fits === undefined) {
    fits = partFits(schema as unknown as Part);
    known.set(schema, fits);
  }
  return fits;
}

function partFits(part: Part): Fits {
  if (part.pipe !== undefined) {
    const [own, ...rest] = part.pipe;
    const tests = [ownFits(own!), ...rest.map(partFits)];
    return (value) => tests.every((test) => test(value));
  }
  return ownFits(part);
}

function ownFits(part: Part): Fits {
  switch (part.type) {
    case "unknown":
      return () => true;
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return (value) => typeof value === "number" && !Number.isNaN(value);
    case "integer":
      return (value) => Number.isInteger(value);
    case "check":
      return part.requirement as Fits;
    case "nullish":
      return nullishFits(part);
    case "array":
      return arrayFits(part);
    case "object":
      return objectFits(part);
    default:
      return () => false;
  }
}

function nullishFits({ wrapped }: Part): Fits {
  const fits = partFits(wrapped!);
  return (value) => value == null || fits(value);
}

function arrayFits({ item }: Part): Fits {
  const fits = partFits(item!);
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let i = 0; i < value.length; i++) if (!fits(value[i])) return false;
    return true;
  };
}

function objectFits({ entries }: Part): Fits {
  const keys = Object.keys(entries!);
  const tests = keys.map((key) => partFits(entries![key]!));
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    for (let i = 0; i < keys.length; i++) {
      const member = (value as Record<string, unknown>)[keys[i]!];
      if (!tests[i]!(member)) return false;
    }
    return true;
  };
}
