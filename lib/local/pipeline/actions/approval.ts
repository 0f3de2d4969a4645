import { ActionError, type ActionContext, type ActionResult } from './context';

/** A person's approval, or `--approve` in their place. */
export async function approval({ action, approve, log }: ActionContext): Promise<ActionResult> {
  const question = action.configuration['CustomData'] ?? `Approve ${action.name}?`;
  log(`${question}\n`);
  const refused = await approve(question);
  log(refused === undefined ? 'Approved\n' : `Rejected: ${refused}\n`);
  if (refused !== undefined) throw new ActionError(`Rejected: ${refused}`);
  return { note: 'approved' };
}
