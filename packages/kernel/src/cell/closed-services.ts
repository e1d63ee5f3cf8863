/** Services of Azure that no local stand-in has, by what their errors and imports say. */
export interface ClosedService {
  readonly name: string;
  /** Found in the text of an error or of a cell. */
  readonly sign: RegExp;
  readonly instead: string;
}

export const closedServices: readonly ClosedService[] = [
  {
    name: 'Azure Cosmos DB',
    sign: /cosmos\.(?:olap|oltp)|azure\.cosmos|com\.azure\.cosmos|CosmosItemsDataSource/i,
    instead: 'Put an extract into the lake as Parquet and read that, or run this cell in Synapse.',
  },
  {
    name: 'Power BI',
    sign: /\b(?:sempy|powerbiclient|semantic[-_]link)\b|PowerBIConnector/i,
    instead: 'Read the tables behind the semantic model from the lake or the pool.',
  },
  {
    name: 'Azure Machine Learning',
    sign: /\bazureml\b|azure\.ai\.ml/i,
    instead: 'Install the SDK with %pip install and sign in yourself, or keep this step out of the notebook.',
  },
  {
    name: 'Azure Data Explorer',
    sign: /com\.microsoft\.kusto\.spark|azure\.kusto|synapse\.kusto/i,
    instead: 'Put an extract into the lake as Parquet and read that.',
  },
  {
    name: 'Event Hubs',
    sign: /org\.apache\.spark\.eventhubs|azure\.eventhub|format\(["']eventhubs["']\)/i,
    instead:
      'Read files of captured events from the lake, or bring the connector with %%configure jars and a reachable hub.',
  },
  {
    name: 'SynapseML and Azure AI services',
    sign: /\bsynapse\.ml\b|com\.microsoft\.azure\.synapse\.ml|\bmmlspark\b/i,
    instead:
      'Bring it with %%configure: "spark.jars.packages": "com.microsoft.azure:synapseml_2.13:…", and a key for the service.',
  },
];

/** Only an error that says something is missing is one of these: a failed query that names a service is not. */
const missing =
  /No module named|ModuleNotFoundError|ImportError|ClassNotFoundException|DATA_SOURCE_NOT_FOUND|Failed to find the data source|not found: (?:value|type|object)|is not a member of package/i;

export function closedServiceOf(errorText: string): ClosedService | undefined {
  return missing.test(errorText) ? closedServices.find(({ sign }) => sign.test(errorText)) : undefined;
}
