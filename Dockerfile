# The base image is pinned by version. Pin it by digest where you build, as in
# python:3.13-slim-trixie@sha256:..., so that each build has the same base.
FROM python:3.13-slim-trixie AS build
ARG EXTRAS=submit,zstd
WORKDIR /source
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY rosetta_spec rosetta_spec
COPY schema schema
RUN python -m venv /opt/rosetta-spec \
    && /opt/rosetta-spec/bin/pip install --no-cache-dir --constraint constraints.txt ".[$EXTRAS]"

FROM python:3.13-slim-trixie
# git says which files are ignored. A mounted repository belongs to another user, which git rejects
# unless it is listed; rosetta-spec lets git run no program that a repository names.
# hadolint ignore=DL3008 # Debian keeps only the newest version of a package, so none can be pinned
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/rosetta-spec /opt/rosetta-spec
ENV PATH="/opt/rosetta-spec/bin:$PATH"
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["rosetta-spec"]
CMD ["check"]
