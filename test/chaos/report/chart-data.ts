/** What the page draws. Plain JSON inside the report. */
export interface ChartData {
  readonly durationS: number;
  readonly faults: readonly FaultMark[];
  readonly charts: readonly ChartPlan[];
}

/** A fault as a band across all charts. */
export interface FaultMark {
  readonly number: number;
  readonly name: string;
  readonly fromS: number;
  readonly toS: number;
  /** Something in its stretch was not as it must be. */
  readonly hasFailed: boolean;
}

/** One chart; its element in the page has the id `chart-<id>`. */
export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** `steps`: a value holds until the next one, and whole numbers alone are on the axis. */
  readonly shape: 'lines' | 'steps' | 'logarithmic';
  readonly lines: readonly ChartLine[];
}

/** One line of a chart. Times in seconds since the run began, ascending. */
export interface ChartLine {
  readonly label: string;
  /** Which of the six colours, 0 to 5; further lines repeat them with dashes. */
  readonly colour: number;
  /** Lengths of stroke and gap; empty for a line without gaps. */
  readonly dash: readonly number[];
  readonly seconds: readonly number[];
  readonly values: readonly (number | null)[];
}
