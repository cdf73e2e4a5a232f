export * from './days.ts';
export * from './rule-view.ts';
export * from './scope-model.ts';
export * from './series.ts';
export * from './status-report.ts';
export * from './tasks.ts';
