/** Why one task cannot be used: it is set aside with this reason, and the others are loaded. */
export class TaskDamage extends Error {
  override readonly name = 'TaskDamage';
}
