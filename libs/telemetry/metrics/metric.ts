/** What kind of number a metric is: one that only grows, one that goes up and down, or how often which sizes were seen. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** One metric as data: what the documentation, the instruments, the dashboard and the alerts' test are made of. */
export type Metric<Kind extends MetricKind = MetricKind> = {
  kind: Kind;
  /** In Prometheus' style: the unit is in the name, counters end in `_total`. */
  name: string;
  unit: string;
  /** One sentence. */
  about: string;
  /** Each label with what bounds its values, in words. */
  labels: Readonly<Record<string, string>>;
  /** Upper bounds of a histogram's buckets, in its unit. */
  buckets?: readonly number[];
};

/** A value for each label of a metric, and for no other. */
export type LabelsOf<M extends Metric> = Readonly<Record<keyof M['labels'] & string, string>>;

/** OpenTelemetry writes units by UCUM; what is only counted has none. */
const UCUM: Record<string, string> = { seconds: 's', bytes: 'By', percent: '%' };

/** A metric's unit as OpenTelemetry writes it. */
export const ucumOf = ({ unit }: Metric): string => UCUM[unit] ?? '';
