import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The file names of assets, and the image tags made from them. */
const HASH = /[0-9a-f]{64}/g;

/** What a function's version is called in the template: after its code, among others. */
const VERSION = /(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g;

/** A template with the hashes of its assets replaced, so that a change of handler code changes no snapshot. */
export function normalised(template: Template): unknown {
  return JSON.parse(JSON.stringify(template.toJSON()).replace(HASH, '<hash>').replace(VERSION, '$1<hash>'));
}

/** A stack's template, normalised. */
export function normalisedTemplate(stack: Stack): unknown {
  return normalised(Template.fromStack(stack));
}
