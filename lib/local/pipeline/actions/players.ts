import type { Provider } from '../definition/model';
import { approval } from './approval';
import { cloudFormation } from './cloud-formation';
import { codeBuild } from './code-build';
import type { ActionContext, ActionResult } from './context';
import { source } from './source';

/** What plays an action, by its provider. */
export type Players = Readonly<
  Record<Provider, (context: ActionContext) => Promise<ActionResult> | ActionResult>
>;

/** How actions are played on the local AWS. */
export const PLAYERS: Players = {
  CodeStarSourceConnection: source,
  CodeBuild: codeBuild,
  CloudFormation: cloudFormation,
  Manual: approval,
};
