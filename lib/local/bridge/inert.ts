import { z } from 'zod';
import { bridge } from './contract';

const properties = z.object({
  /** The resource's own name, when the template gives one. */
  Name: z.string().optional(),
  /** What `Fn::GetAtt` is to give, with `{name}`, `{account}` and `{region}` to be filled in. */
  Attributes: z.record(z.string(), z.string()),
});

/** Stands for a resource that the emulator has no service for: it has a name and attributes, and does nothing. */
export const inert = bridge(properties, {
  create: ({ Name, Attributes }, { name, account, region }) => {
    const id = Name ?? name;
    const fill = (text: string): string =>
      text.replaceAll('{name}', id).replaceAll('{account}', account).replaceAll('{region}', region);
    return Promise.resolve({
      id,
      attributes: Object.fromEntries(Object.entries(Attributes).map(([key, text]) => [key, fill(text)])),
    });
  },
});
