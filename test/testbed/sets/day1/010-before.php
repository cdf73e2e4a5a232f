<?php
// Before the full dump: what the next days change.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$ip = $scribe->stranger( '192.0.2.33' );
	foreach ( [ 'Stays', 'Moves', 'Goes', 'Comes back', 'Merge source', 'Merge target', 'Hidden', 'Protected', 'Half hidden' ] as $name ) {
		$scribe->edit( $name, "first text of $name & \"more\"", $zoe );
		$scribe->edit( $name, "second text of $name", $ip );
		$scribe->edit( $name, "third text of $name", $admin );
	}
	$scribe->delete( 'Comes back', $admin, 'too early' );
};
