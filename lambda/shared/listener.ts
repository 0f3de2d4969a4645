import * as fs from 'node:fs';
import * as https from 'node:https';
import * as tls from 'node:tls';
import { AwsClient } from 'aws4fetch';
import * as z from 'zod';

/** Which listener is meant: variables of every hook that asks the new version something. */
export const listenerVariables = {
  /** `app/<name>/<id>` of the load balancer. */
  LOAD_BALANCER: z.string().min(1),
  /** Its port. */
  LISTENER_PORT: z.string().regex(/^\d{1,5}$/, 'a port'),
  /** Name on the listener's certificate; without it the certificate is verified and its name is not. */
  API_HOST: z.string().min(1).optional(),
  /** `port=host:port` for each listener, with commas between them; set where the load balancer is not Amazon's. */
  LISTENERS: z
    .string()
    .regex(/^\d{1,5}=[\w.-]+:\d{1,5}(,\d{1,5}=[\w.-]+:\d{1,5})*$/, 'port=host:port, ...')
    .optional(),
  /** File of certificate authorities to trust beside the public ones; set where the load balancer is not Amazon's. */
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional(),
};

/** The variables, read. */
export type Listener = z.output<z.ZodObject<typeof listenerVariables>>;

/** One call of EC2's query API: the SDK's client for EC2 alone is larger than a handler may be. */
async function describeInterfaces(description: string): Promise<string> {
  const { AWS_REGION: region = '' } = process.env;
  const aws = new AwsClient({
    accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: process.env['AWS_SESSION_TOKEN'] ?? '',
    service: 'ec2',
    region,
  });
  const response = await aws.fetch(
    process.env['AWS_ENDPOINT_URL_EC2'] ?? `https://ec2.${region}.amazonaws.com/`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        Action: 'DescribeNetworkInterfaces',
        Version: '2016-11-15',
        'Filter.1.Name': 'description',
        'Filter.1.Value.1': description,
        'Filter.2.Name': 'status',
        'Filter.2.Value.1': 'in-use',
      }).toString(),
    },
  );
  if (!response.ok) throw new Error(`EC2 does not tell the load balancer's addresses (${response.status}).`);
  return response.text();
}

/**
 * An address of the load balancer in the VPC. Its public name leads out through the NAT gateway and back in, where only
 * 80 and 443 are open. Source: Elastic Load Balancing, "network interfaces" (their description is `ELB app/<name>/<id>`).
 */
async function privateAddress(loadBalancer: string): Promise<string> {
  const answer = await describeInterfaces(`ELB ${loadBalancer}`);
  const [, address] = /<privateIpAddress>([\d.]+)<\/privateIpAddress>/.exec(answer) ?? [];
  if (address === undefined) throw new Error(`The load balancer ${loadBalancer} has no address in the VPC.`);
  return address;
}

/**
 * Sends requests to a listener, whatever host their address names.
 * @returns what has the form of `fetch`, for one JSON body as text and no redirects
 */
export async function fetchOn(listener: Listener): Promise<typeof fetch> {
  const { API_HOST: name, LISTENER_PORT, LISTENERS = '', NODE_EXTRA_CA_CERTS: extra } = listener;
  const elsewhere = new Map(LISTENERS.split(',').map((one) => one.split('=') as [string, string]));
  const place =
    elsewhere.get(LISTENER_PORT) ?? `${await privateAddress(listener.LOAD_BALANCER)}:${LISTENER_PORT}`;
  const [host, port] = place.split(':');
  const authorities =
    extra === undefined ? {} : { ca: [...tls.rootCertificates, fs.readFileSync(extra, 'utf8')] };
  return (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          host,
          port,
          path: `${url.pathname}${url.search}`,
          method: init.method ?? 'GET',
          headers: { host: name ?? host, ...(init.headers as Record<string, string> | undefined) },
          ...(name === undefined ? { checkServerIdentity: () => undefined } : { servername: name }),
          ...(init.signal && { signal: init.signal }),
          ...authorities,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve(new Response(Buffer.concat(chunks), { status: response.statusCode ?? 500 })),
          );
        },
      );
      request.once('error', reject);
      request.end(init.body);
    });
  };
}
