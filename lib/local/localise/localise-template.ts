import { type Json, markLiterals } from '../bridge/literals';
import { missingAttribute } from './attributes';
import { adaptConditions } from './conditions';
import { mapReferences, type Resource, type Template } from './template';
import { TYPES } from './types';

/** What the localised templates refer to outside of themselves. */
export interface LocaliseOptions {
  /** ARN of the bridge's function. */
  readonly bridgeArn: string;
  /** Where the real PostgreSQL answers. */
  readonly database: { readonly host: string; readonly port: number };
  /** Variables that every function gets besides: where stand-ins of one account answer. */
  readonly functionVariables?: Readonly<Record<string, string>>;
}

/** Longest that one call of the bridge may take, in seconds. */
const BRIDGE_TIMEOUT_SECONDS = 60;

/**
 * A template as the emulator can deploy it: missing attributes filled in, types that it does not make served
 * by the bridge, and what it drops of native types applied by a companion resource.
 *
 * @throws Error when a resource type is not in the list of types
 */
export function localiseTemplate(template: Template, options: LocaliseOptions): Template {
  const replace = (logicalId: string, attribute: string): Json | undefined => {
    const resource = template.Resources[logicalId];
    return resource && missingAttribute(logicalId, attribute, resource);
  };
  const adapted = adaptConditions(template as unknown as Json);
  const filled = mapReferences(adapted, replace) as unknown as Template;
  const resources = Object.entries(filled.Resources).flatMap(([logicalId, resource]) =>
    localiseResource(logicalId, withVariables(resource, options), options),
  );
  return { ...filled, Resources: Object.fromEntries(resources) };
}

function localiseResource(
  logicalId: string,
  resource: Resource,
  options: LocaliseOptions,
): [string, Resource][] {
  const { Type, Properties = {} } = resource;
  if (Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource')
    return [[logicalId, resource]];
  const known = TYPES[Type];
  if (!known)
    throw new Error(`${logicalId} is of the type ${Type}: class it in lib/local/localise/types.ts first.`);
  if (inForeignZone(resource))
    return [
      [logicalId, rewritten(resource, options, 'inert', { Name: Properties['Name'] ?? '', Attributes: {} })],
    ];
  if (known.support === 'template-only')
    return [
      [
        logicalId,
        rewritten(resource, options, 'inert', {
          ...(known.name !== undefined && Properties[known.name] !== undefined
            ? { Name: Properties[known.name] ?? '' }
            : {}),
          Attributes: { ...known.attributes },
        }),
      ],
    ];
  if (known.support === 'bridged' || isMathAlarm(resource))
    return [[logicalId, rewritten(resource, options, Type, withEndpoint(Type, Properties, options))]];
  const reconciled = (known.reconciled ?? []).filter((name) => Properties[name] !== undefined);
  if (reconciled.length === 0) return [[logicalId, resource]];
  return [
    [logicalId, resource],
    [
      `${logicalId}LocalProperties`,
      {
        Type: 'Custom::LocalProperties',
        ...('Condition' in resource && { Condition: resource['Condition'] }),
        Properties: bridgeProperties(options, `reconcile:${Type}`, {
          Id: { Ref: logicalId },
          ...Object.fromEntries(reconciled.map((name) => [name, Properties[name] ?? null])),
        }),
      },
    ],
  ];
}

function withVariables(resource: Resource, { functionVariables }: LocaliseOptions): Resource {
  if (resource.Type !== 'AWS::Lambda::Function' || functionVariables === undefined) return resource;
  const { Environment = {} } = resource.Properties ?? {};
  const { Variables = {} } = Environment as { Variables?: Record<string, Json> };
  return {
    ...resource,
    Properties: {
      ...resource.Properties,
      Environment: { Variables: { ...Variables, ...functionVariables } },
    },
  };
}

/** A record in a zone that no template makes: the company's own, which the emulator does not have. */
function inForeignZone({ Type, Properties }: Resource): boolean {
  return Type === 'AWS::Route53::RecordSet' && typeof Properties?.['HostedZoneId'] === 'string';
}

/** The emulator's CloudFormation refuses alarms over metric math. */
function isMathAlarm({ Type, Properties }: Resource): boolean {
  return Type === 'AWS::CloudWatch::Alarm' && Properties?.['Metrics'] !== undefined;
}

function withEndpoint(type: string, properties: Record<string, Json>, options: LocaliseOptions): Json {
  if (type !== 'AWS::RDS::DBCluster') return properties;
  return { ...properties, LocalEndpoint: { Host: options.database.host, Port: options.database.port } };
}

function rewritten(
  resource: Resource,
  options: LocaliseOptions,
  localType: string,
  properties: Json,
): Resource {
  return {
    ...resource,
    Type: `Custom::Local${resource.Type.replace(/^AWS|::/g, '')}`,
    Properties: bridgeProperties(options, localType, properties),
  };
}

function bridgeProperties(
  options: LocaliseOptions,
  localType: string,
  properties: Json,
): Record<string, Json> {
  return {
    ServiceToken: options.bridgeArn,
    ServiceTimeout: BRIDGE_TIMEOUT_SECONDS,
    LocalType: localType,
    LocalProperties: markLiterals(properties),
  };
}
