import { InvalidArgumentError } from 'commander';
import { verifyAssembly } from '../lib/gate/verify';
import { isDay } from '../lib/shared/days';
import { command } from './command';

function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError(`"${text}" is no day, expected YYYY-MM-DD.`);
  return text;
}

const program = command('gate').description('Checks what the HIPAA gate left in a cloud assembly.');
program
  .command('verify')
  .description('Refuses an assembly that did not pass the whole gate, or was changed since.')
  .argument('<assembly>', 'the cloud assembly folder, for example cdk.out')
  .option(
    '--today <day>',
    'day that acceptances and leave are judged by',
    day,
    new Date().toISOString().slice(0, 10),
  )
  .action((assembly: string, options: { today: string }) => {
    const { problems, summary } = verifyAssembly(assembly, options.today);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(summary);
  });
program.parse();
