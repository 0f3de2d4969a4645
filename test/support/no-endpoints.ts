// A test speaks to what it has started itself, whatever services the environment it is run in points to.
for (const name of Object.keys(process.env))
  if (name.startsWith('AWS_ENDPOINT_URL')) Reflect.deleteProperty(process.env, name);
