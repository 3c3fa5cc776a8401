"""The SFTP door: a provider that can only send files drops them into a folder of its own and fetches the answers."""
