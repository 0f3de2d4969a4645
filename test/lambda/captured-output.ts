/** Everything that is written while `act` runs, by the console and straight to standard output. */
export async function outputOf(act: () => Promise<unknown>): Promise<string> {
  let written = '';
  const take = (chunk: unknown): boolean => {
    written += String(chunk);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(take),
    jest.spyOn(process.stderr, 'write').mockImplementation(take),
  ];
  try {
    await act();
  } catch {
    // What is thrown is another test's matter.
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written;
}

/** Writes nothing while `act` runs, however often it logs. */
export async function quietly(act: () => Promise<void>): Promise<void> {
  const spy = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await act();
  } finally {
    spy.mockRestore();
  }
}
