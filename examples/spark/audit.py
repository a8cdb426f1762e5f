"""Audit a folder of sampling requests with Spark, and write the findings as a table."""  # noqa: INP001 - a script

from __future__ import annotations

from argparse import ArgumentParser

from pyspark.sql import SparkSession

from rosetta_spec.spark import findings_of_files


def main() -> None:
    """Read the arguments of `spark-submit` that come after this script's name."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("input", help="a folder of requests, or a file")
    parser.add_argument("output", help="the folder to write; there must be none of this name")
    parser.add_argument("--format", choices=("parquet", "json"), default="parquet")
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("rosetta-spec").getOrCreate()
    findings = findings_of_files(spark, arguments.input)
    findings.write.format(arguments.format).save(arguments.output)
    spark.stop()


if __name__ == "__main__":
    main()
