import { Command } from 'commander';
import { verifyAssembly } from '../lib/gate/verify';

const program = new Command('gate').description('Checks what the HIPAA gate left in a cloud assembly.');
program
  .command('verify')
  .description('Refuses an assembly that did not pass the whole gate, or was changed since.')
  .argument('<assembly>', 'the cloud assembly folder, for example cdk.out')
  .option('--today <day>', 'day that acceptances are judged by', new Date().toISOString().slice(0, 10))
  .action((assembly: string, options: { today: string }) => {
    const { problems, summary } = verifyAssembly(assembly, options.today);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(summary);
  });
program.parse();
