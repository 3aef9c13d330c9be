#!/usr/bin/env bash

# Ansible asks this program for a vault's password, as in: password-client.sh --vault-id read
# It knows none: they come from the environment, and get there from the pipeline's store of secrets.
set -euo pipefail
case "${2-}" in
  read) name=HOSTUP_VAULT_READ_PASSWORD ;;
  write) name=HOSTUP_VAULT_WRITE_PASSWORD ;;
  *) echo "password-client.sh knows the vault ids read and write, not '${2-}'." >&2 && exit 1 ;;
esac
if [ -z "${!name-}" ]; then
  echo "$name is not set: it holds the password of the vault id ${2}." >&2
  exit 1
fi
printf '%s\n' "${!name}"
