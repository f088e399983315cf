export interface MigrationStep {
  /** As the file is named. */
  readonly name: string;
  readonly sql: string;
}
