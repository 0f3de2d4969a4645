import { expectThat, failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { at, isTrue } from './values';

const POOL = ['AWS::Cognito::UserPool'];
const CLIENT = ['AWS::Cognito::UserPoolClient'];
const HOUR = 60;
const MINUTES: Readonly<Record<string, number>> = {
  seconds: 1 / 60,
  minutes: 1,
  hours: HOUR,
  days: 24 * HOUR,
};

function strongPasswords({ properties }: Subject): Verdict {
  const policy = at(properties['Policies'], 'PasswordPolicy');
  const length = Number(at(policy, 'MinimumLength'));
  return expectThat(length >= 12, 'Properties.Policies.PasswordPolicy.MinimumLength', length, '12 or more');
}

function shortTokens({ properties }: Subject): Verdict {
  const units = properties['TokenValidityUnits'];
  for (const name of ['AccessToken', 'IdToken']) {
    const value = properties[`${name}Validity`];
    // Cognito reads a missing unit as hours, and a missing validity as one hour.
    const unit = at(units, name) ?? 'hours';
    const minutes = Number(value ?? 1) * (typeof unit === 'string' ? (MINUTES[unit] ?? NaN) : NaN);
    if (!(minutes <= HOUR)) return failure(`Properties.${name}Validity`, value, 'an hour or less');
  }
  return 'compliant';
}

/** Rules over the pools that people sign in with. */
export const userRules: readonly TemplateRule[] = [
  {
    id: 'TemplateCognitoMfa',
    controls: ['164.312(d)', '164.312(a)(2)(i)'],
    rationale: 'A password alone does not show that a person is who they say.',
    mend: 'set mfa: Mfa.REQUIRED with a one-time password',
    types: POOL,
    check: ({ properties: { MfaConfiguration: mfa } }) =>
      expectThat(mfa === 'ON', 'Properties.MfaConfiguration', mfa, '"ON"'),
  },
  {
    id: 'TemplateCognitoThreatProtection',
    controls: ['164.308(a)(5)(ii)(C)', '164.312(d)'],
    rationale: 'Stolen passwords are tried; without threat protection nobody notices.',
    mend: 'set standardThreatProtectionMode: FULL_FUNCTION',
    types: POOL,
    check: ({ properties }: Subject): Verdict => {
      const mode = at(properties['UserPoolAddOns'], 'AdvancedSecurityMode');
      return expectThat(
        mode === 'ENFORCED',
        'Properties.UserPoolAddOns.AdvancedSecurityMode',
        mode,
        '"ENFORCED"',
      );
    },
  },
  {
    id: 'TemplateCognitoPasswords',
    controls: ['164.308(a)(5)(ii)(D)', '164.312(d)'],
    rationale: 'A short password is found by trying.',
    mend: 'set passwordPolicy.minLength to 12 or more',
    types: POOL,
    check: strongPasswords,
  },
  {
    id: 'TemplateCognitoKept',
    controls: ['164.308(a)(7)(i)', '164.312(a)(2)(i)'],
    rationale: 'No backup holds a user pool: who deletes it deletes everybody who signs in.',
    mend: 'set deletionProtection: true',
    types: POOL,
    check: ({ properties: { DeletionProtection: protection }, production }: Subject): Verdict =>
      production
        ? expectThat(protection === 'ACTIVE', 'Properties.DeletionProtection', protection, '"ACTIVE"')
        : 'not-applicable',
  },
  {
    id: 'TemplateCognitoShortTokens',
    controls: ['164.312(a)(2)(iii)', '164.312(d)'],
    rationale: 'A token that was copied is good until it ends.',
    mend: 'set accessTokenValidity and idTokenValidity to an hour or less',
    types: CLIENT,
    check: shortTokens,
  },
  {
    id: 'TemplateCognitoRevocable',
    controls: ['164.308(a)(3)(ii)(C)', '164.312(a)(2)(iii)'],
    rationale: 'Whoever leaves must be signed out at once.',
    mend: 'set enableTokenRevocation: true',
    types: CLIENT,
    check: ({ properties: { EnableTokenRevocation: revocable } }) =>
      expectThat(isTrue(revocable), 'Properties.EnableTokenRevocation', revocable, 'true'),
  },
  {
    id: 'TemplateCognitoHidesUsers',
    controls: ['164.312(a)(1)', '164.308(a)(5)(ii)(C)'],
    rationale: 'An answer that tells an unknown user from a wrong password tells who is a patient.',
    mend: 'set preventUserExistenceErrors: true',
    types: CLIENT,
    check: ({ properties: { PreventUserExistenceErrors: hidden } }) =>
      expectThat(hidden === 'ENABLED', 'Properties.PreventUserExistenceErrors', hidden, '"ENABLED"'),
  },
];
