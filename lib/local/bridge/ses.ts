import {
  CreateTemplateCommand,
  DeleteTemplateCommand,
  SESClient,
  UpdateTemplateCommand,
} from '@aws-sdk/client-ses';
import { z } from 'zod';
import { bridge, unless } from './contract';

const ses = new SESClient();

const template = bridge(
  z.object({
    Template: z.object({
      TemplateName: z.string(),
      SubjectPart: z.string(),
      TextPart: z.string().optional(),
      HtmlPart: z.string().optional(),
    }),
  }),
  {
    create: async ({ Template }) => {
      await unless(/AlreadyExists/, () => ses.send(new CreateTemplateCommand({ Template })));
      await ses.send(new UpdateTemplateCommand({ Template }));
      return { id: Template.TemplateName, attributes: { Id: Template.TemplateName } };
    },
    remove: async (id) => {
      await ses.send(new DeleteTemplateCommand({ TemplateName: id }));
    },
  },
);

/** SES's types. */
export const bridges = { 'AWS::SES::Template': template };
