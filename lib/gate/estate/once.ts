/**
 * Computes something of an object once and keeps it as long as the object: every rule over an environment and the map of
 * health data ask for the same principals, stores and paths.
 */
export function once<Of extends object, Result>(compute: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    const found = known.get(of) ?? { result: compute(of) };
    known.set(of, found);
    return found.result;
  };
}
