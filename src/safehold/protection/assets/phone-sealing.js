// Seals as crypto/envelopes.py does, so that the unit opens it with the keys that open a report.
// The keys made here are forgotten at once: whoever sealed cannot open.
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";

const PHONE = 10;
const VERSION = 1;
const SMALLEST = 4096;
const SIGMA = new Uint32Array(
  new Uint8Array([...words("expand 32-byte k")]).buffer,
);

function words(text) {
  return new TextEncoder().encode(text);
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyed(key, message, purpose) {
  const personalization = joined(words(purpose), new Uint8Array(16 - purpose.length));
  return blake2b(message, { key, dkLen: 32, personalization });
}

// libsodium's sealed box: a key pair for this one message, its nonce from both public halves.
function boxed(message, theirs) {
  const secret = random(32);
  const ours = x25519.getPublicKey(secret);
  const shared = x25519.getSharedSecret(secret, theirs);
  const key = new Uint32Array(8);
  const half = new Uint32Array(shared.slice().buffer);
  hsalsa(SIGMA, half, new Uint32Array(4), key);
  const nonce = blake2b(joined(ours, theirs), { dkLen: 24 });
  const sealed = xsalsa20poly1305(new Uint8Array(key.buffer), nonce).encrypt(message);
  [secret, shared, half, key].forEach((each) => each.fill(0));
  return joined(ours, sealed);
}

function padded(payload) {
  let size = SMALLEST;
  while (size < payload.length + 4) {
    size *= 2;
  }
  const all = new Uint8Array(size);
  new DataView(all.buffer).setUint32(0, payload.length);
  all.set(payload, 4);
  return all;
}

// `keys` are { id, public } in hexadecimal; what is sealed is bound to `subject`.
export function seal(content, subject, keys) {
  const fileKey = random(32);
  const payload = padded(words(JSON.stringify(content)));
  const header = joined(
    words("env"),
    new Uint8Array([VERSION, PHONE, keys.length]),
    ...keys.flatMap((key) => [fromHex(key.id), boxed(fileKey, fromHex(key.public))]),
  );
  const bound = joined(header, keyed(fileKey, joined(header, words(subject)), "env-commit"));
  const nonce = random(24);
  const bodyKey = keyed(fileKey, new Uint8Array(0), "env-body");
  const body = xchacha20poly1305(bodyKey, nonce, bound).encrypt(payload);
  [fileKey, bodyKey, payload].forEach((each) => each.fill(0));
  return joined(bound, nonce, body);
}
