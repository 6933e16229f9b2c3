import { expect, it } from 'vitest';
import { operationName } from './operation-id.ts';

it.each([
  ['listPets', 'list_pets'],
  ['ListPets', 'list_pets'],
  ['getHTTPStatus', 'get_http_status'],
  ['pets.list-all', 'pets_list_all'],
  ['get_/pets/{petId}/photos', 'get_pets_pet_id_photos'],
  ['__a--b__', 'a_b'],
  ['v2Pets', 'v2_pets'],
  ['Äpfel', 'pfel'],
  ['///', ''],
])('%s is %s', (written, name) => {
  expect(operationName(written)).toBe(name);
});
