import { plantedStack, role } from '../estate/support';
import { verdicts } from './support';

test('a service has to be on the list, or hold no health data', () => {
  const found = verdicts(
    'TemplateServiceEligible',
    plantedStack({ Queue: ['AWS::SQS::Queue'], Role: role(), Game: ['AWS::GameLift::Fleet'] }),
  );
  expect(found).toEqual({ Queue: 'compliant', Game: expect.stringContaining('AWS::GameLift') as string });
});
