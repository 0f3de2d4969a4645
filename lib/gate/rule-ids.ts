/** Name of the cdk-nag plugin in the validation report. */
export const HIPAA_PLUGIN = 'HIPAA.Security';

/** Name of the plugin that holds this repository's rules over the synthesised templates. */
export const TEMPLATE_PLUGIN = 'HIPAA.Templates';

/** Name of the plugin that judges the acceptances themselves. */
export const ACCEPTANCE_PLUGIN = 'HIPAA.Acceptances';

/** The plugins that a report of the gate must hold. */
export const GATE_PLUGINS: readonly string[] = [HIPAA_PLUGIN, TEMPLATE_PLUGIN, ACCEPTANCE_PLUGIN];

/** Prefix of this repository's own rules, which tells them from cdk-nag's. */
export const TEMPLATE_RULE_PREFIX = 'Template';

/** The one finding that a granular rule names in brackets, for example `RDSLoggingEnabled[LogExport::upgrade]`. */
const GRANULAR = /\[.*\]$/;

/** A rule's name without the finding in brackets. */
export function baseRule(rule: string): string {
  return rule.replace(GRANULAR, '');
}

/** Whether the rule is one of this repository's over the templates, and not cdk-nag's. */
export function isTemplateRule(rule: string): boolean {
  return rule.startsWith(TEMPLATE_RULE_PREFIX);
}

/**
 * The id that CDK suppresses a finding by. It names the plugin: without it cdk-nag would drop the finding before
 * the report, and the exception would leave no trace.
 */
export function qualifiedId(rule: string): string {
  return isTemplateRule(rule) ? `${TEMPLATE_PLUGIN}::${rule}` : `${HIPAA_PLUGIN}::${HIPAA_PLUGIN}-${rule}`;
}
