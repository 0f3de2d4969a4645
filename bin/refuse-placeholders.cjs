// A plug-in of the CDK CLI (cdk.json): plain CommonJS, since the CLI loads it itself, before the application and
// before it speaks to AWS. An endpoint on this machine is not AWS and may be deployed to with any account.
const LOOPBACK = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/;

module.exports = {
  version: '1',
  init() {
    if (LOOPBACK.test(process.env.AWS_ENDPOINT_URL ?? '')) return;
    const commandLine = process.argv.slice(2);
    const unregister = require('tsx/cjs/api').register();
    try {
      const { placeholderRefusal } = require('../lib/config/placeholder');
      const { loadConfiguration } = require('../lib/config/load');
      const refusal = placeholderRefusal(commandLine, loadConfiguration());
      if (refusal === undefined) return;
      process.stderr.write(`${refusal}\n`);
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
    } finally {
      unregister();
    }
    process.exit(1);
  },
};
