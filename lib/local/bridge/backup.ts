import {
  BackupClient,
  CreateBackupSelectionCommand,
  DeleteBackupSelectionCommand,
  ListBackupSelectionsCommand,
} from '@aws-sdk/client-backup';
import { z } from 'zod';
import { bridge, present, unless } from './contract';

const backup = new BackupClient();

const selection = bridge(
  z.object({
    BackupPlanId: z.string(),
    BackupSelection: z.looseObject({ SelectionName: z.string(), IamRoleArn: z.string() }),
  }),
  {
    create: async ({ BackupPlanId, BackupSelection }, { versionedName }) => {
      const { BackupSelectionsList = [] } = await backup.send(
        new ListBackupSelectionsCommand({ BackupPlanId }),
      );
      const there = BackupSelectionsList.find(({ CreatorRequestId }) => CreatorRequestId === versionedName);
      const made =
        there ??
        (await backup.send(
          new CreateBackupSelectionCommand({
            BackupPlanId,
            BackupSelection: BackupSelection,
            CreatorRequestId: versionedName,
          }),
        ));
      const id = present(made.SelectionId, 'backup selection');
      return { id: `${id}_${BackupPlanId}`, attributes: { Id: id, SelectionId: id, BackupPlanId } };
    },
    remove: async (id, { BackupPlanId }) =>
      unless(/ResourceNotFound|does not exist|Cannot find/, () =>
        backup.send(new DeleteBackupSelectionCommand({ BackupPlanId, SelectionId: id.split('_')[0] })),
      ),
  },
);

/** AWS Backup's types. */
export const bridges = { 'AWS::Backup::BackupSelection': selection };
