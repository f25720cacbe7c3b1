import { ApiProperty } from '@nestjs/swagger';
import type { StoredSecret } from '#vault';

/** A stored secret, without its value: that never comes out again. */
export class SecretView implements StoredSecret {
  @ApiProperty({ type: String, description: 'As `${vault:name}` names it.', example: 'stripe-webhook' })
  name!: string;

  @ApiProperty({ type: 'integer', description: 'Counts the values that it has had.' })
  version!: number;

  @ApiProperty({ type: String, description: 'The master key that it is sealed under.', example: 'k20260301-abcd' })
  keyId!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, description: 'Who stored it first: `key:<id>`, or `local:<account>` for the command line.' })
  createdBy!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt!: string;

  @ApiProperty({ type: String, description: 'Who gave it the value that it has.' })
  updatedBy!: string;
}

export class SecretListView {
  @ApiProperty({ type: [SecretView], description: 'By name; at most 10,000.' })
  items!: SecretView[];
}
