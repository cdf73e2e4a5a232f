/** Exit statuses of every command (overview of the design, §5). */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  doneWithErrors: 3,
  nothingToDo: 4,
  busy: 75,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
