import { type RuleCase } from './case';

/** Cases of the rules in lib/gate/template-rules/users.ts. */
export const usersCases: readonly RuleCase[] = [
  {
    rule: 'TemplateCognitoMfa',
    type: 'AWS::Cognito::UserPool',
    good: [{ MfaConfiguration: 'ON' }],
    bad: [{}, { MfaConfiguration: 'OPTIONAL' }],
  },
  {
    rule: 'TemplateCognitoThreatProtection',
    type: 'AWS::Cognito::UserPool',
    good: [{ UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } }],
    bad: [{}, { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } }],
  },
  {
    rule: 'TemplateCognitoPasswords',
    type: 'AWS::Cognito::UserPool',
    good: [{ Policies: { PasswordPolicy: { MinimumLength: 12 } } }],
    bad: [{}, { Policies: { PasswordPolicy: { MinimumLength: 8 } } }],
  },
  {
    rule: 'TemplateCognitoKept',
    type: 'AWS::Cognito::UserPool',
    production: true,
    good: [{ DeletionProtection: 'ACTIVE' }],
    bad: [{}, { DeletionProtection: 'INACTIVE' }],
  },
  {
    rule: 'TemplateCognitoShortTokens',
    type: 'AWS::Cognito::UserPoolClient',
    good: [
      {},
      {
        AccessTokenValidity: 15,
        IdTokenValidity: 900,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds' },
      },
    ],
    bad: [{ AccessTokenValidity: 8 }, { IdTokenValidity: 1, TokenValidityUnits: { IdToken: 'days' } }],
  },
  {
    rule: 'TemplateCognitoRevocable',
    type: 'AWS::Cognito::UserPoolClient',
    good: [{ EnableTokenRevocation: true }],
    bad: [{}, { EnableTokenRevocation: false }],
  },
  {
    rule: 'TemplateCognitoHidesUsers',
    type: 'AWS::Cognito::UserPoolClient',
    good: [{ PreventUserExistenceErrors: 'ENABLED' }],
    bad: [{}, { PreventUserExistenceErrors: 'LEGACY' }],
  },
];
