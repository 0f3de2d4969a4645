/** Names that a refusal offers. */
const OFFERED = 10;

/** A line of the names that hold what was asked for, whatever its case; none where nothing does. */
export function nearLine(names: readonly string[], asked: string): readonly string[] {
  const near = names.filter((name) => name.toLowerCase().includes(asked.toLowerCase()));
  return near.length > 0 ? [`Near: ${near.slice(0, OFFERED).join(', ')}.`] : [];
}
