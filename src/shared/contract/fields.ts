import { z } from 'zod';
import type { Json, JsonMap } from '../json.ts';

/** Fields that several features share. Every text has a cap: a door refuses what is longer before a handler runs. */
export const runIdField = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[A-Za-z0-9._-]+$/);
/** A name or path that reaches the file system: the system cannot take a NUL, so no handler sees one. */
export const systemTextField = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !text.includes('\0'), 'holds a NUL character');
/** Workflow id, bundle name, or a path on this machine. */
export const workflowRefField = systemTextField(4096);
/** The path of a step in its run. */
export const stepPathField = z.string().min(1).max(2000);
/** The hash of a content: the version of a bundle, or a part of it. */
export const contentHashField = z.string().regex(/^[0-9a-f]{64}$/);
/** The place of the next piece of a file that is handed out. */
export const outgoingCursorField = z.string().regex(/^[0-9a-f-]{36}:\d{1,15}$/);
/** An upload that is under way. */
export const uploadIdField = z.string().regex(/^[0-9a-f-]{8,64}$/);
/** Where something is listened for on this computer; port 0 = any free one. */
export const hostField = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/);
/** A port; 0 = any that is free. */
export const portField = z.number().int().min(0).max(65_535);
/** A path inside a folder that the operation names; checked again by `isInside` where it is used. */
export const innerPathField = systemTextField(1024);
const plainKey = (key: string): boolean => key !== '__proto__' && key !== 'constructor' && key !== 'prototype';
/** Any value. */
export const jsonField: z.ZodType<Json> = z.json() as z.ZodType<Json>;
/** Inputs of a run, by name. */
export const inputsField: z.ZodType<JsonMap> = z.record(
  z.string().max(200).refine(plainKey),
  jsonField,
) as z.ZodType<JsonMap>;
