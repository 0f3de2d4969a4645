import { localiseTemplate } from '../../../lib/local/localise/localise-template';
import { keepOriginals, originalTemplate } from '../../../lib/local/localise/original';
import { parseTemplate, type Template } from '../../../lib/local/localise/template';
import { withOriginal, withOriginals } from '../../../lib/local/pipeline/world/change-sets';
import { templateDigest } from '../../../lib/shared/template-digest';
import { platformAssembly } from '../../support/platform';

const OPTIONS = { bridgeArn: 'arn:bridge', database: { host: 'localhost', port: 1 } };

function template(DesiredCount: number): Template {
  return parseTemplate(
    JSON.stringify({
      Resources: {
        Service: {
          Type: 'AWS::ECS::Service',
          Properties: { DesiredCount, Cluster: { Ref: 'Cluster' } },
          Metadata: { 'aws:cdk:path': 'App/Service' },
        },
        Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: '<a> & "b"' } },
        Listener: {
          Type: 'AWS::ElasticLoadBalancingV2::Listener',
          Properties: { Port: 443, ListenerAttributes: [{ Key: 'a', Value: 'b' }] },
        },
      },
    }),
  );
}

function local(synthesised: Template): Template {
  return keepOriginals(synthesised, localiseTemplate(synthesised, OPTIONS));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function change(id: string, type: string, detail: string): string {
  return `<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><Replacement>False</Replacement><Scope></Scope><Details><member><Target><Attribute>Properties</Attribute><Name>${detail}</Name></Target></member></Details></ResourceChange></member>`;
}

test('a localised template gives back the one that was synthesised', () => {
  const synthesised = template(2);
  expect(local(synthesised)).not.toEqual(synthesised);
  expect(originalTemplate(local(synthesised))).toEqual(synthesised);
});

test.each(['Staging', 'Prod'])(
  'every template of %s is told with its outputs, conditions and all',
  (stage) => {
    const stacks = platformAssembly().stacksRecursively.filter(({ hierarchicalId }) =>
      hierarchicalId.startsWith(`Pipeline/${stage}/`),
    );
    expect(stacks).toHaveLength(5);
    for (const { template: made } of stacks) {
      const text = JSON.stringify(made);
      const synthesised = parseTemplate(text);
      const deployed = JSON.stringify(local(synthesised));
      expect(templateDigest(deployed)).not.toBe(templateDigest(text));
      expect(templateDigest(JSON.stringify(originalTemplate(parseTemplate(deployed))))).toBe(
        templateDigest(text),
      );
    }
  },
);

test('what was never localised by the player is told as it is', () => {
  const plain = localiseTemplate(template(2), OPTIONS);
  expect(originalTemplate(plain).Resources['Service']).toEqual(plain.Resources['Service']);
});

test('GetTemplate answers with the synthesised template, whatever its text holds', () => {
  const answer = (body: unknown): string =>
    `<GetTemplateResult><TemplateBody>${escape(JSON.stringify(body))}</TemplateBody></GetTemplateResult>`;
  const told = withOriginal(answer(local(template(2))));
  expect(withOriginal(told)).toBe(told);
  expect(told).toContain('&lt;a&gt; &amp; ');
  expect(told).not.toContain('Custom::Local');
  expect(withOriginal('<Error>none</Error>')).toBe('<Error>none</Error>');
});

test('a change set speaks of types and properties as AWS would, and not of what localisation adds', () => {
  const native = change('Listener', 'AWS::ElasticLoadBalancingV2::Listener', 'Port');
  const told = withOriginals(
    [
      change('Service', 'Custom::LocalECSService', 'LocalProperties'),
      change('ListenerLocalProperties', 'Custom::LocalProperties', 'ListenerAttributes'),
      native,
    ].join(''),
    template(2),
    template(3),
  );
  expect(told).toBe(
    change('Service', 'AWS::ECS::Service', 'DesiredCount').replace(
      '</Target></member>',
      '</Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member>',
    ) + native,
  );
});
