import type { Ledger } from '../ledger';
import { byText } from './ids';

/** Name of the environment of what stands outside every stage. */
export const OUTSIDE = 'pipeline';

/** The environment of a stage by its construct path. */
export function environmentOfStage(stage: string): string {
  return stage === '' ? OUTSIDE : stage;
}

/** Tells the environment of a construct path, from the stages that the ledger knows. */
export function environmentsOf(ledger: Ledger): (path: string) => string {
  const stages = [...new Set(ledger.resources.map(({ stage }) => stage))]
    .filter((stage) => stage !== '')
    .sort((a, b) => b.length - a.length);
  return (path) => stages.find((stage) => path === stage || path.startsWith(`${stage}/`)) ?? OUTSIDE;
}

/** Names of every environment, sorted. */
export function environmentNames(ledger: Ledger): string[] {
  return [...new Set(ledger.resources.map(({ stage }) => environmentOfStage(stage)))].sort(byText);
}
