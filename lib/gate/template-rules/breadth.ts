import { isEveryResource } from '../../shared/iam-patterns';

/** Services whose ARNs hold no type before the name: only a name of `*` alone is every one of them. */
const UNTYPED = ['codecommit', 'codepipeline', 'execute-api', 's3', 'sns', 'sqs'];

/** Whether the resource means all of them, or all of a type in whichever accounts and regions. */
export function isEveryOfItsType(resource: unknown): boolean {
  if (isEveryResource(resource)) return true;
  if (typeof resource !== 'string') return false;
  const [scheme, , service = '', , , ...rest] = resource.replace(/\$\{[^}]*\}/g, 'x').split(':');
  const name = rest.join(':').replace(/^\//, '');
  if (scheme !== 'arn') return false;
  return /^\*[:/]/.test(name) || (!UNTYPED.includes(service) && /^[^:/]+[:/]\*(?:[:/]|$)/.test(name));
}
