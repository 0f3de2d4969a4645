import {
  ElasticLoadBalancingV2Client,
  ModifyListenerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { z } from 'zod';
import { bridge } from './contract';

const elb = new ElasticLoadBalancingV2Client();

const listener = bridge(
  z.object({
    Id: z.string(),
    ListenerAttributes: z.array(z.object({ Key: z.string(), Value: z.string() })),
  }),
  {
    create: async ({ Id, ListenerAttributes }) => {
      await elb.send(
        new ModifyListenerAttributesCommand({ ListenerArn: Id, Attributes: ListenerAttributes }),
      );
      return { id: `${Id}|properties` };
    },
  },
);

/** What the template's own way drops of a listener. */
export const bridges = { 'reconcile:AWS::ElasticLoadBalancingV2::Listener': listener };
