/** Who uses a secret at this moment: `workflow` by its id; a tool, an agent or a channel of the settings, which signs with it, by its name. */
export interface SecretUser {
  readonly kind: 'workflow' | 'tool' | 'agent' | 'channel';
  readonly name: string;
}
