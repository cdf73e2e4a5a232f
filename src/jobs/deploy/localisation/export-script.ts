/**
 * PHP that turns a folder of CDB files into what a version holds of them: one JSON file a language, its keys sorted and one a line
 * (git then sends only what changed), and `cdb.sums` with the SHA-256 of the CDB file that `rebuildScript` makes of it. Run
 * with the version's own library: `ROOT FROM TO`. A language whose CDB file is older than its JSON file is left alone.
 */
export const exportScript = String.raw`
[ , $root, $from, $to ] = $argv;
require "$root/vendor/autoload.php";
set_error_handler( static function ( $level, $what ) { throw new ErrorException( $what ); } );
if ( !is_dir( $to ) ) mkdir( $to, 0777, true );
$known = [];
if ( is_file( "$to/cdb.sums" ) )
	foreach ( file( "$to/cdb.sums", FILE_IGNORE_NEW_LINES ) as $line ) {
		[ $sum, $code ] = explode( '  ', $line );
		$known[$code] = $sum;
	}
$scratch = tempnam( sys_get_temp_dir(), 'rota' );
$sums = [];
foreach ( glob( "$from/l10n_cache-*.cdb" ) as $file ) {
	$code = substr( basename( $file ), 11, -4 );
	if ( !preg_match( '/^[a-z0-9-]+$/D', $code ) ) throw new Exception( "$file is called after no language" );
	$json = "$to/$code.l10n.json";
	if ( isset( $known[$code] ) && is_file( $json ) && filemtime( $json ) > filemtime( $file ) ) {
		$sums[$code] = $known[$code];
		continue;
	}
	$reader = Cdb\Reader::open( $file );
	$all = [];
	for ( $key = $reader->firstkey(); $key !== false; $key = $reader->nextkey() ) {
		$value = $reader->get( $key );
		$all[$key] = preg_match( '//u', $value ) ? $value : [ 'base64' => base64_encode( $value ) ];
	}
	$reader->close();
	ksort( $all, SORT_STRING );
	$flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_FORCE_OBJECT | JSON_THROW_ON_ERROR;
	$text = json_encode( $all, $flags ) . "\n";
	if ( is_file( $json ) && file_get_contents( $json ) === $text ) touch( $json );
	else file_put_contents( $json, $text );
	$writer = new Cdb\Writer\PHP( $scratch );
	foreach ( $all as $key => $value ) $writer->set( (string)$key, is_array( $value ) ? base64_decode( $value['base64'] ) : $value );
	$writer->close();
	$sums[$code] = hash_file( 'sha256', $scratch );
}
unlink( $scratch );
if ( !$sums ) throw new Exception( "$from holds no CDB file" );
foreach ( glob( "$to/*.l10n.json" ) as $json )
	if ( !isset( $sums[ basename( $json, '.l10n.json' ) ] ) ) unlink( $json );
$lines = '';
foreach ( $sums as $code => $sum ) $lines .= "$sum  $code\n";
if ( !is_file( "$to/cdb.sums" ) || file_get_contents( "$to/cdb.sums" ) !== $lines ) file_put_contents( "$to/cdb.sums", $lines );
`;

/**
 * PHP that makes CDB files of the JSON files of a version, with the version's own library: `ROOT STORE CODE:SHA256 …`. Each gets
 * its name, its SHA-256, when it has it. Status 65: one came out otherwise.
 */
export const rebuildScript = String.raw`
[ , $root, $store ] = $argv;
require "$root/vendor/autoload.php";
set_error_handler( static function ( $level, $what ) { throw new ErrorException( $what ); } );
foreach ( array_slice( $argv, 3 ) as $one ) {
	[ $code, $sum ] = explode( ':', $one );
	$all = json_decode( file_get_contents( "$root/cache/l10n/$code.l10n.json" ), true, 4, JSON_THROW_ON_ERROR );
	$making = "$store/.$code." . getmypid();
	$writer = new Cdb\Writer\PHP( $making );
	foreach ( $all as $key => $value ) $writer->set( (string)$key, is_array( $value ) ? base64_decode( $value['base64'] ) : $value );
	$writer->close();
	$got = hash_file( 'sha256', $making );
	if ( $got !== $sum ) {
		unlink( $making );
		fwrite( STDERR, "l10n_cache-$code.cdb has the SHA-256 $got, not $sum\n" );
		exit( 65 );
	}
	chmod( $making, 0644 );
	rename( $making, "$store/$sum.cdb" );
}
`;
