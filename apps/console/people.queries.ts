import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';

const KIND = { type: String, description: '`email` and `phone` mean the same person in every account; any other kind counts within its account.', example: 'email' };
const VALUE = { type: String, description: 'As somebody wrote it: case and decoration do not matter to `email` and `phone`.', maxLength: 320, example: 'ada@example.com' };
const kindForm = { message: 'kind must be lower-case letters, digits and dashes, at most 40' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where an identifier counts. */
class PlaceBody {
  @ApiPropertyOptional({ type: String, description: 'The account that gave it, for kinds other than `email` and `phone`.', example: 'stripe.acme' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,40}\.[a-z0-9-]{1,40}$/, { message: 'account must be <partner>.<integration>' })
  account?: string;

  @ApiPropertyOptional({ type: String, description: 'Whose it is; the caller’s own, else `default`.', example: 'north' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'tenant must be lower-case letters, digits and dashes, at most 40' })
  tenant?: string;
}

/** An identifier of a person. */
export class IdentifierBody extends PlaceBody {
  @ApiProperty(KIND)
  @Matches(/^[a-z][a-z0-9-]{0,39}$/, kindForm)
  kind!: string;

  @ApiProperty(VALUE)
  @IsString()
  @MinLength(1)
  @MaxLength(320)
  value!: string;
}

/** A person: by an identifier (`kind` and `value`), or by `subject`. */
export class PersonBody extends PlaceBody {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'As `find` answered it, in place of an identifier.' })
  @IsOptional()
  @Matches(UUID, { message: 'subject must be a UUID' })
  subject?: string;

  @ApiPropertyOptional(KIND)
  @ValidateIf(({ subject }: PersonBody) => subject === undefined)
  @Matches(/^[a-z][a-z0-9-]{0,39}$/, kindForm)
  kind?: string;

  @ApiPropertyOptional(VALUE)
  @ValidateIf(({ subject }: PersonBody) => subject === undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(320)
  value?: string;
}
