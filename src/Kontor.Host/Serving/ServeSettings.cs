namespace Kontor.Host.Serving;

/// <summary>What <c>kontor serve</c> was asked for.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="Urls">Where to listen; port 0 takes a free one.</param>
/// <param name="Services">Which services run in this process.</param>
/// <param name="IsEmpty">No demo catalogue at the first start.</param>
sealed record ServeSettings(string Folder, IReadOnlyList<string> Urls, IReadOnlyList<string> Services, bool IsEmpty);
