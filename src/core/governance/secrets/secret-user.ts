/** Who uses a secret at this moment: `workflow` by its id, a tool or an agent by its name. */
export interface SecretUser {
  readonly kind: 'workflow' | 'tool' | 'agent';
  readonly name: string;
}
