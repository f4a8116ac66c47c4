// Asks the endpoint in the first argument through the AWS SDK for JavaScript; prints one JSON object.
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  paginateListImages,
} from "@aws-sdk/client-ecr";

const client = new ECRClient({
  endpoint: process.argv[2],
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const told = {};

const described = await client.send(new DescribeRepositoriesCommand({ repositoryNames: ["app"] }));
told.uri = described.repositories[0].repositoryUri;
told.created = described.repositories[0].createdAt instanceof Date;
told.attempts = described.$metadata.attempts;

told.tags = [];
for await (const page of paginateListImages({ client, pageSize: 2 }, { repositoryName: "app" })) {
  told.tags.push(...page.imageIds.map((image) => image.imageTag));
}

for (const repositoryName of ["gone", "never-recorded"]) {
  try {
    await client.send(new DescribeImagesCommand({ repositoryName }));
  } catch (error) {
    told[repositoryName] = `${error.name}: ${error.message}`;
  }
}
console.log(JSON.stringify(told));
