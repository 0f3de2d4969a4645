// Imported before a handler, which reads its variables when it is loaded.
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  POWERTOOLS_METRICS_NAMESPACE: 'Telehealth',
  POWERTOOLS_SERVICE_NAME: 'auth',
  SIGN_UP_DOMAINS: JSON.stringify([
    { emailDomain: 'clinic.example', organisation: 'demo-clinic', role: 'SUPPORT' },
  ]),
});
