import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

/** Where the chart is, absolute. */
export const chartFolder = fileURLToPath(new URL('../../../charts/flotilla', import.meta.url));

/** An object as the chart renders it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** A pod's own, or that of what makes pods, or of another kind, into which a test looks with a matcher. */
  readonly spec?: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly unknown[];
}

/** A spec: that of a pod, or one that may hold a pod's. */
export interface Spec extends Partial<PodSpec> {
  readonly template?: { readonly spec: PodSpec };
  readonly [field: string]: unknown;
}

/** A pod, as far as tests look at it. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes?: readonly unknown[];
  readonly securityContext?: unknown;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly imagePullSecrets?: unknown;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector?: unknown }[];
}

/** A container, as far as tests look at it. */
export interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly Variable[];
  readonly volumeMounts?: readonly unknown[];
  readonly securityContext?: unknown;
}

/** A variable of a container. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

/** What is rendered with. */
export interface RenderOptions {
  /** Default `chat`. */
  readonly release?: string;
  /** Default `messaging`. */
  readonly namespace?: string;
  readonly values?: unknown;
}

/** Every object that the chart makes with some values. @throws Error with what Helm says */
export async function render({ release = 'chat', namespace = 'messaging', values = {} }: RenderOptions = {}): Promise<
  Rendered[]
> {
  const text = await helm(
    ['template', release, chartFolder, '--namespace', namespace, '--kube-version', '1.34', '-f', '-'],
    values,
  );
  return parseAllDocuments(text)
    .map((document) => document.toJSON() as Rendered | null)
    .filter((object) => object !== null);
}

/** What Helm says to values that cannot be. @throws Error when it renders them */
export async function renderFault(values: unknown): Promise<string> {
  let objects: Rendered[];
  try {
    objects = await render({ values });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`Helm rendered ${objects.length} objects and found no fault`);
}

/** Runs helm (`HELM`, or the one on the PATH) with values on its standard input. @throws Error with what it says */
export function helm(args: readonly string[], values: unknown = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = process.env['HELM'] ?? 'helm';
    const child = execFile(program, [...args], { maxBuffer: 32 * 1_048_576 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stderr}${stdout}`.trim() || error.message));
    });
    child.stdin?.end(JSON.stringify(values));
  });
}

/** The values of each file in `ci`, by its name. */
export const ciValues: ReadonlyMap<string, unknown> = new Map(
  readdirSync(`${chartFolder}/ci`).map((name) => [name, parse(readFileSync(`${chartFolder}/ci/${name}`, 'utf8'))]),
);

/** The one object of a kind and a name. @throws Error when it is not there */
export function find(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${kind}/${name}`);
  return only;
}

/** Its spec. @throws Error when it is not there or has none */
export function specOf(objects: readonly Rendered[], kind: string, name: string): Spec {
  const { spec } = find(objects, kind, name);
  if (spec === undefined) throw new Error(`${kind}/${name} has no spec`);
  return spec;
}

/** The pod that an object is or makes; undefined when it is of another kind. */
export function podOf({ kind, spec }: Rendered): PodSpec | undefined {
  return kind === 'Pod' ? (spec as PodSpec | undefined) : spec?.template?.spec;
}

/** The first container of the pod that an object is or makes. @throws Error when there is none */
export function containerOf(object: Rendered): Container {
  const container = podOf(object)?.containers[0];
  if (container === undefined) throw new Error(`${object.kind}/${object.metadata.name} has no container`);
  return container;
}
