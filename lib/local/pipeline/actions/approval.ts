import { ActionError, type ActionContext, type ActionResult } from './context';

/** A person's approval, or `--approve` in their place; asked with the text and the link that the action shows. */
export async function approval({ action, approve, log }: ActionContext): Promise<ActionResult> {
  const { CustomData: text, ExternalEntityLink: link } = action.configuration;
  const question = [text ?? `Approve ${action.name}?`, ...(link === undefined ? [] : [link])].join('\n');
  log(`${question}\n`);
  const refused = await approve(question);
  log(refused === undefined ? 'Approved\n' : `Rejected: ${refused}\n`);
  if (refused !== undefined) throw new ActionError(`Rejected: ${refused}`);
  return { note: 'approved' };
}
